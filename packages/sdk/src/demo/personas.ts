/**
 * Demo personas: invented people for a demonstration, a test or a benchmark.
 *
 * One seed always gives the same sequence, and a shorter one is the beginning of a longer. Ids
 * ascend, so a file of personas is in the order of its ids. Nothing in them is personal data: names
 * are handles, and no text looks like an e-mail address or a phone number.
 */
import { toInstant } from "@hi-stranger/core/clock";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import {
  anyEnergy,
  commonGenders,
  communicationStyles,
  conflictResponses,
  conversationGoals,
  decisionStyles,
  emotionalNeeds,
  expectations,
  formalities,
  lifestyles,
  maintenanceStyles,
  otherGenders,
  outgoingEnergy,
  quietEnergy,
  supportStyles,
  tones,
  topicsToAvoid,
  uneasy,
  valuesAndBeliefs,
} from "./answers.ts";
import { toDemoId } from "./ids.ts";
import { german } from "./languages/de.ts";
import { english } from "./languages/en.ts";
import { spanish } from "./languages/es.ts";
import type { DemoLanguage } from "./languages/language.ts";
import { portuguese } from "./languages/pt.ts";
import { type Random, createRandom } from "./random.ts";

export interface PersonaOptions {
  /** How many; ids stay unique and in order up to ten million and beyond. */
  readonly count: number;
  /** A safe integer. Different seeds give personas with different ids. */
  readonly seed: number;
}

/** The moment that ages refer to, and that no persona was active after. */
export const demoNowMs = Date.UTC(2026, 0, 1);
const firstCreatedMs = Date.UTC(2022, 0, 1);
/** Time between two personas: twelve million of them fit before {@link demoNowMs}. */
const stepMs = 10_000;
const lastBirthYear = 2025;

const languages = [english, english, english, german, german, spanish, spanish, portuguese];

/** Generates `count` personas, each an object of its own. */
export function* generatePersonas({ count, seed }: PersonaOptions): Generator<UserProfile, void> {
  const random = createRandom(seed);
  for (let index = 0; index < count; index++) yield createPersona(index, random);
}

/** Generates the personas of {@link generatePersonas} as lines of compact JSON, without line endings. */
export function* generatePersonaLines(options: PersonaOptions): Generator<string, void> {
  for (const persona of generatePersonas(options)) yield JSON.stringify(persona);
}

function createPersona(index: number, random: Random): UserProfile {
  const createdMs = firstCreatedMs + index * stepMs + random.below(stepMs);
  const language = random.pick(languages);
  const hobbies = random.sample(language.hobbies, 2 + random.below(3));
  // How outgoing somebody is, 1 to 5, colours several answers, as it does in people.
  const energy = 1 + random.below(5);
  return {
    schema_version: "user_profile.v1",
    ...(random.chance(30) ? { generator_version: "demo-1" } : undefined),
    profile_id: toDemoId(createdMs, random),
    created_at: toInstant(createdMs),
    profile: {
      identity: createIdentity(language, random),
      intent: createIntent(language, hobbies, random),
      behavior: createBehavior(energy, random),
      emotional: createEmotional(energy, random),
      interests: {
        shared_lifestyle_type: some(lifestyles, 2, random),
        interests: hobbies,
      },
      // Without a system part nobody says which language the biography is in: English then.
      ...(language !== english || random.chance(80)
        ? { system: createSystem(language, createdMs, random) }
        : undefined),
    },
  };
}

type Profile = UserProfile["profile"];

function createIdentity(language: DemoLanguage, random: Random): Profile["identity"] {
  const age = 18 + Math.floor(random.below(28) + random.below(30));
  const month = twoDigits(1 + random.below(12));
  // From the second to the 28th, a day that every month has and that is not the first of January.
  const day = twoDigits(2 + random.below(27));
  const avatar = random.below(10);
  return {
    user_name: createHandle(language, random),
    gender: random.chance(85) ? random.pick(commonGenders) : random.pick(otherGenders),
    birthday: `${lastBirthYear - age}-${month}-${day}`,
    age,
    ...(avatar < 2 ? { avatar_picture: null } : undefined),
    ...(avatar >= 8
      ? { avatar_picture: `https://avatars.example/${random.below(500)}.svg` }
      : undefined),
  };
}

function createHandle({ handleStarts, handleEnds }: DemoLanguage, random: Random): string {
  const start = random.pick(handleStarts);
  const end = random.pick(handleEnds);
  switch (random.below(5)) {
    case 0:
      return `${start}${end}`;
    case 1:
      return `${start}_${end}`.toLowerCase();
    case 2:
      return `${start}-${end}`.toLowerCase();
    default:
      return `${start}${end}${1 + random.below(998)}`;
  }
}

function createIntent(
  language: DemoLanguage,
  hobbies: readonly string[],
  random: Random,
): Profile["intent"] {
  return {
    expectations: some(expectations, 2, random),
    ...(random.chance(85) ? { biography: createBiography(language, hobbies, random) } : undefined),
    conversation_goals: some(conversationGoals, 2, random),
    values_and_beliefs: some(valuesAndBeliefs, 2, random),
    ...(random.chance(30)
      ? { topics_to_avoid: random.sample(topicsToAvoid, random.below(4)) }
      : undefined),
  };
}

function createBiography(
  { openings, traits, wishes, endings }: DemoLanguage,
  [a = "", b = ""]: readonly string[],
  random: Random,
): string {
  const opening = random.pick(openings).replace("{a}", a).replace("{b}", b);
  const sentences = [opening];
  if (random.chance(45)) sentences.push(random.pick(traits));
  if (random.chance(35)) sentences.push(random.pick(wishes));
  if (random.chance(40)) sentences.push(random.pick(endings));
  return sentences.join(random.chance(10) ? "\n" : " ");
}

function createBehavior(energy: number, random: Random): Profile["behavior"] {
  return {
    social_energy: some(
      energy > 3 ? outgoingEnergy : energy < 3 ? quietEnergy : anyEnergy,
      2,
      random,
    ),
    communication_style: some(communicationStyles, 2, random),
    conflict_response: random.pick(conflictResponses),
    support_style: random.pick(supportStyles),
    assertiveness_level: nearby(energy, random),
    decision_style: random.pick(decisionStyles),
  };
}

function createEmotional(energy: number, random: Random): Profile["emotional"] {
  const stressTolerance = nearby(energy, random);
  return {
    emotional_needs: some(emotionalNeeds, 2, random),
    maintenance_style: some(maintenanceStyles, 2, random),
    emotional_regulation: random.chance(20 * stressTolerance) ? "calm" : random.pick(uneasy),
    empathy_depth: 1 + random.below(5),
    stress_tolerance: stressTolerance,
  };
}

function createSystem(
  { tag }: DemoLanguage,
  createdMs: number,
  random: Random,
): NonNullable<Profile["system"]> {
  const idleMs = Math.max(0, demoNowMs - createdMs);
  return {
    language: tag,
    ...(random.chance(35) ? { formality: random.pick(formalities) } : undefined),
    ...(random.chance(50) ? { tone: random.pick(tones) } : undefined),
    intro_done: random.chance(75),
    ...(random.chance(50) ? { joined_at: toInstant(createdMs) } : undefined),
    ...(random.chance(60)
      ? { last_active: toInstant(createdMs + random.below(1000) * Math.floor(idleMs / 1000)) }
      : undefined),
  };
}

/** One to `most` of `values`. */
function some<T>(values: readonly T[], most: number, random: Random): T[] {
  return random.sample(values, 1 + random.below(most));
}

/** A score of 1 to 5 at most one away from `score`. */
function nearby(score: number, random: Random): number {
  return Math.min(5, Math.max(1, score - 1 + random.below(3)));
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}
