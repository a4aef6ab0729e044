/** A fault that was put into the code on purpose: the simulation has to find it, or it proves nothing. */
export interface Mutation {
  name: string;
  /** The invariant that it breaks. */
  invariant: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  /** What is wrong, as a sentence. */
  fault: string;
  /** From the repository's root. */
  file: string;
  /** Stands in the file exactly once. */
  find: string;
  replace: string;
}

export const mutations: readonly Mutation[] = [
  {
    name: "no-re-read-before-status",
    invariant: 3,
    fault: "ApplyDecision sets the decided status without looking at the card again.",
    file: "functions/apply-decision/apply-decision.ts",
    find: "if (!isAbout(request, before)) {",
    replace: "if (before.status === 'Deleted') {",
  },
];
