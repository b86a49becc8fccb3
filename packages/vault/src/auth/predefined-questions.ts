/** The questions to choose from, as the specification of the local storage lists them. */

/** A text that can be chosen as a question. */
export interface PredefinedQuestion {
  readonly id: number;
  readonly text: string;
}

/** In the order in which they are offered. */
export const predefinedQuestions: readonly PredefinedQuestion[] = [
  { id: 1, text: "What was the name of your first pet?" },
  { id: 2, text: "What city were you born in?" },
  { id: 3, text: "What is your mother's maiden name?" },
  { id: 4, text: "What was the name of your elementary school?" },
  { id: 5, text: "What was your childhood nickname?" },
];
