/** What a reader has done of one lesson. */
export interface LessonProgress {
  /** Numbers, from 1, of the exercises whose check was satisfied. */
  exercises: number[];
  /** Numbers, from 1, of the questions that were answered right. */
  questions: number[];
  /** How many there are, as of the last visit. */
  of: { exercises: number; questions: number };
}

/** Where a reader stopped. */
export interface Place {
  path: string;
  title: string;
  /** Id of the heading they had reached; empty at the top. */
  heading: string;
}

interface Kept {
  version: 1;
  lessons: Record<string, LessonProgress>;
  place?: Place;
}

type Store = Pick<Storage, "getItem" | "setItem">;

const key = "hmap:progress";

/** How far a reader has come in all lessons, kept in the browser and nowhere else. Lessons go by their path below the site's base. */
export class Progress {
  readonly #store: Store | undefined;

  /** @param store undefined where the browser keeps nothing: then nothing is remembered. */
  constructor(store: Store | undefined) {
    this.#store = store;
  }

  lesson(path: string): LessonProgress | undefined {
    return this.#read().lessons[path];
  }

  /** All that was done is kept; a smaller account never replaces a larger one. */
  record(
    path: string,
    add: Partial<Pick<LessonProgress, "exercises" | "questions">>,
    of: LessonProgress["of"],
  ): void {
    const kept = this.#read();
    kept.lessons[path] = merge(kept.lessons[path], {
      exercises: add.exercises ?? [],
      questions: add.questions ?? [],
      of,
    });
    this.#write(kept);
  }

  get place(): Place | undefined {
    return this.#read().place;
  }

  stopAt(place: Place): void {
    this.#write({ ...this.#read(), place });
  }

  /** Everything, as the text of a file that {@link import} takes on another machine. */
  export(): string {
    return `${JSON.stringify(this.#read(), null, 2)}\n`;
  }

  /**
   * Adds what another browser has exported.
   *
   * @throws Error when the text is not such a file; nothing is changed then
   */
  import(text: string): void {
    const given = parse(text);
    if (!given)
      throw new Error("This is not a file of progress: choose one that “Export” on this site has saved.");
    const kept = this.#read();
    for (const [path, lesson] of Object.entries(given.lessons)) {
      kept.lessons[path] = merge(kept.lessons[path], lesson);
    }
    const place = kept.place ?? given.place;
    this.#write({ ...kept, ...(place && { place }) });
  }

  #read(): Kept {
    let text: string | null = null;
    try {
      text = this.#store?.getItem(key) ?? null;
    } catch {
      // Storage that may not be read holds nothing.
    }
    return (text === null ? undefined : parse(text)) ?? { version: 1, lessons: {} };
  }

  #write(kept: Kept): void {
    try {
      this.#store?.setItem(key, JSON.stringify(kept));
    } catch {
      // Full or forbidden storage: the page works, and forgets.
    }
  }
}

/** Whether nothing of a lesson is left to do. */
export function isDone({ exercises, questions, of }: LessonProgress): boolean {
  return (
    of.exercises + of.questions > 0 && exercises.length >= of.exercises && questions.length >= of.questions
  );
}

function merge(a: LessonProgress | undefined, b: LessonProgress): LessonProgress {
  const union = (one: number[] = [], other: number[] = []) =>
    [...new Set([...one, ...other])].sort((x, y) => x - y);
  return {
    exercises: union(a?.exercises, b.exercises),
    questions: union(a?.questions, b.questions),
    of: b.of,
  };
}

/** Reads with distrust: the text may come from a file that somebody made. */
function parse(text: string): Kept | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || value.version !== 1 || !isRecord(value.lessons)) return undefined;
    const lessons: Kept["lessons"] = {};
    for (const [path, lesson] of Object.entries(value.lessons)) {
      if (!isLesson(lesson)) return undefined;
      Object.defineProperty(lessons, path, {
        value: lesson,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return { version: 1, lessons, ...(isPlace(value.place) && { place: value.place }) };
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);

function isLesson(value: unknown): value is LessonProgress {
  return (
    isRecord(value) &&
    isNumbers(value.exercises) &&
    isNumbers(value.questions) &&
    isRecord(value.of) &&
    isCount(value.of.exercises) &&
    isCount(value.of.questions)
  );
}

/** A place is made into a link, so it must be one on this site. */
function isPlace(value: unknown): value is Place {
  return (
    isRecord(value) &&
    typeof value.path === "string" &&
    /^[\w-]+(?:\/[\w-]+)*\/$/.test(value.path) &&
    typeof value.title === "string" &&
    typeof value.heading === "string"
  );
}
