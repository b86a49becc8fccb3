import type { Policies } from "./policy.ts";

export const es: Policies = {
  terms: [
    {
      title: "Qué es Hi Stranger",
      text: [
        "Un lugar para personas inventadas, personajes tras los que la gente se conoce. Una cuenta es una dirección de correo y las personas que escribes con ella.",
      ],
    },
    {
      title: "Qué aceptas",
      text: [
        "Tienes al menos 13 años. Inventas tus personas y no pones en ellas el nombre, la dirección ni el número reales de nadie, tampoco los tuyos.",
        "Tratas a los demás con respeto. No amenazas ni acosas, y no intentas averiguar quién es alguien.",
      ],
    },
    {
      title: "Qué pueden hacer los demás",
      text: [
        "Los desconocidos ven tus personas sin su cumpleaños, y nada de quién eres. Quien gestiona este servidor puede quitar las personas y las cuentas que incumplan estas condiciones.",
      ],
    },
    {
      title: "Irse",
      text: [
        "Puedes irte cuando quieras y llevarte tus personas en un archivo. El servicio se ofrece tal como es y puede terminar; en ese caso se te avisa antes por correo.",
      ],
    },
  ],
  privacy: [
    {
      title: "Qué se guarda y para qué",
      text: [
        "Tu dirección de correo, para que puedas iniciar sesión. Los datos personales que escribas en la página de tu cuenta, si escribes alguno. Cuándo y con qué tipo de navegador iniciaste sesión, para que puedas verlo y terminarlo. Qué dos textos aceptaste y cuándo.",
      ],
    },
    {
      title: "Cómo se guarda",
      text: [
        "Tu dirección y tus datos personales están cifrados campo por campo con una clave propia, en una base de datos separada de las personas. La mitad de lo que abre esa clave está en otro lugar; una vez borrada, ninguna copia de la base devuelve tus datos.",
      ],
    },
    {
      title: "Quién lo ve",
      text: [
        "Tú. No se muestra a desconocidos, moderadores ni administradores. Quien gestiona este servidor es responsable de ello y tiene sus claves; los correos pasan por el servicio de correo que utiliza.",
      ],
    },
    {
      title: "Cuánto tiempo",
      text: [
        "Un enlace para iniciar sesión: 15 minutos. Una sesión: 30 días sin uso, 90 días en total. Todo lo demás: hasta que lo borres.",
      ],
    },
    {
      title: "Cookies",
      text: [
        "Tres, todas necesarias para iniciar sesión, y ninguna que te siga a otra parte. Este navegador guarda además el tema y el idioma que elegiste, si habías iniciado sesión y, hasta que la cierres, un código con el que nuestro servidor reconoce las peticiones de esta página.",
      ],
    },
    {
      title: "Tus derechos",
      text: [
        "Puedes ver, corregir, exportar y borrar tus datos, limitar lo que se hace con ellos, retirar tu consentimiento y reclamar ante una autoridad de protección de datos.",
      ],
    },
  ],
};
