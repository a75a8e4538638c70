import type { Mutation } from "./mutation.ts";
import { accessMutations } from "./mutationsofaccess.ts";
import { deleteMutations } from "./mutationsofdelete.ts";
import { fastMutations } from "./mutationsoffast.ts";
import { growMutations } from "./mutationsofgrow.ts";
import { hashMutations } from "./mutationsofhash.ts";
import { iterateMutations } from "./mutationsofiterate.ts";
import { layoutMutations } from "./mutationsoflayout.ts";

/** The mistakes that `npm run mutations` plants. */
export const mutations: readonly Mutation[] = [
  ...accessMutations,
  ...deleteMutations,
  ...growMutations,
  ...iterateMutations,
  ...hashMutations,
  ...layoutMutations,
  ...fastMutations,
];
