import { type CodeCell, type Metadata, type Notebook, NotebookError } from "./notebook.ts";

/**
 * Exercises of lessons: code cells with tags.
 *
 * - `exercise`: a start that runs as it is, for the reader to change;
 * - `check`: looks at the state that the exercise left, and throws an Error whose message begins with
 *   {@link notYet} as long as it is not what was asked for;
 * - `solution`: does what was asked for. The check passes after it.
 *
 * In a lesson they stand in this order, with hints between them (`<details class="hint">`, plain Markdown).
 */
export interface Exercise {
  exercise: CodeCell;
  check: CodeCell;
  solution: CodeCell;
}

/** What the message of a check begins with, while the state is not right. */
export const notYet = "Not yet: ";

/** A check may fail without ending a run (nbclient and JupyterLab know this tag as well). */
const mayFail = "raises-exception";

/** The tags of a cell. */
export function tagsOf({ metadata }: { metadata: Metadata }): readonly string[] {
  const { tags } = metadata;
  return Array.isArray(tags) ? tags.map(String) : [];
}

/**
 * The exercises of a notebook, in order.
 *
 * @throws NotebookError when one of the three cells is missing or out of place
 */
export function exercisesOf(notebook: Notebook): Exercise[] {
  const order = ["exercise", "check", "solution"] as const;
  const found: Partial<Exercise>[] = [];
  let expected = 0;
  for (const cell of notebook.cells) {
    const role = order.find((tag) => tagsOf(cell).includes(tag));
    if (role === undefined || cell.cell_type !== "code") continue;
    if (role !== order[expected]) {
      throw new NotebookError(
        `exercise ${found.length + (expected === 0 ? 1 : 0)} has a ${role} where its ${order[expected]} should be: put exercise, check and solution in this order`,
      );
    }
    if (expected === 0) found.push({});
    found.at(-1)![role] = cell;
    expected = (expected + 1) % order.length;
  }
  if (expected !== 0) {
    throw new NotebookError(`exercise ${found.length} has no ${order[expected]}: add one`);
  }
  return found as Exercise[];
}

/** The notebook as a reader goes through it who looks at every solution: each is followed by its check once more. */
export function withSolutionsChecked(notebook: Notebook): Notebook {
  const checks = new Map(exercisesOf(notebook).map(({ check, solution }) => [solution.id, check]));
  const cells = notebook.cells.flatMap((cell) => {
    const check = checks.get(cell.id);
    return check === undefined ? [cell] : [cell, { ...check, id: `${check.id}-again` }];
  });
  return structuredClone({ ...notebook, cells });
}

/** Metadata of a cell as a notebook wants it: a check may fail, a solution is folded away. */
export function hostMetadata(metadata: Metadata): Metadata {
  const tags = tagsOf({ metadata });
  if (tags.includes("check") && !tags.includes(mayFail)) return { ...metadata, tags: [...tags, mayFail] };
  if (tags.includes("solution") && metadata.jupyter === undefined)
    return { ...metadata, jupyter: { ...folded } };
  return metadata;
}

/** Undoes {@link hostMetadata}. */
export function lessonMetadata(metadata: Metadata): Metadata {
  const tags = tagsOf({ metadata });
  if (tags.includes("check") && tags.at(-1) === mayFail) return { ...metadata, tags: tags.slice(0, -1) };
  if (tags.includes("solution") && JSON.stringify(metadata.jupyter) === JSON.stringify(folded)) {
    const { jupyter: _, ...rest } = metadata;
    return rest;
  }
  return metadata;
}

/** JupyterLab's marks for a cell that shows neither code nor outputs until it is asked to. */
const folded = { outputs_hidden: true, source_hidden: true };
