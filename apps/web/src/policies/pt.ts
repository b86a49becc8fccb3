import type { Policies } from "./policy.ts";

export const pt: Policies = {
  terms: [
    {
      title: "O que é o Hi Stranger",
      text: [
        "Um lugar para personas: personagens inventadas por trás das quais as pessoas se encontram. Uma conta é um endereço de e-mail e as personas que você escreve com ela.",
      ],
    },
    {
      title: "Com o que você concorda",
      text: [
        "Você tem pelo menos 13 anos. Você inventa suas personas e não coloca nelas o nome, o endereço ou o número reais de ninguém, nem os seus.",
        "Você trata os outros com respeito. Não ameaça nem assedia, e não tenta descobrir quem alguém é.",
      ],
    },
    {
      title: "O que os outros podem fazer",
      text: [
        "Estranhos veem suas personas sem o aniversário, e nada de quem você é. Quem opera este servidor pode remover personas e contas que violem estes termos.",
      ],
    },
    {
      title: "Sair",
      text: [
        "Você pode sair quando quiser e levar suas personas em um arquivo. O serviço é oferecido como está e pode acabar; nesse caso, você é avisado antes por e-mail.",
      ],
    },
  ],
  privacy: [
    {
      title: "O que é guardado e para quê",
      text: [
        "Seu endereço de e-mail, para que você possa entrar. Os dados pessoais que você digitar na página da conta, se digitar algum. Quando e com que tipo de navegador você entrou, para que possa ver e encerrar. Quais dois textos você aceitou e quando.",
      ],
    },
    {
      title: "Como é guardado",
      text: [
        "Seu endereço e seus dados pessoais são cifrados campo por campo com uma chave própria, em um banco de dados separado das personas. Metade do que abre essa chave fica em outro lugar; uma vez apagada, nenhuma cópia do banco devolve seus dados.",
      ],
    },
    {
      title: "Quem vê",
      text: [
        "Você. Nada é mostrado a estranhos, moderadores ou administradores. Quem opera este servidor é responsável por ele e tem as chaves; os e-mails passam pelo serviço de e-mail que ele usa.",
      ],
    },
    {
      title: "Por quanto tempo",
      text: [
        "Um link para entrar: 15 minutos. Uma sessão: 30 dias sem uso, 90 dias no total. Todo o resto: até você apagar.",
      ],
    },
    {
      title: "Cookies",
      text: [
        "Três, todos necessários para entrar, e nenhum que siga você. Este navegador também guarda o tema e o idioma que você escolheu, se você tinha entrado e, até você sair, um código pelo qual nosso servidor reconhece os pedidos desta página.",
      ],
    },
    {
      title: "Seus direitos",
      text: [
        "Você pode ver, corrigir, exportar e apagar seus dados, restringir o que se faz com eles, retirar seu consentimento e reclamar a uma autoridade de proteção de dados.",
      ],
    },
  ],
};
