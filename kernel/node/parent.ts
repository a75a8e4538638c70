/** How often to look, in milliseconds; ipykernel looks as often. */
const periodMs = 1000;

/**
 * Calls back once when the process that started this one has ended. A kernel whose Jupyter was killed gets no
 * shutdown_request, so it has to look for itself.
 *
 * A parent is gone when it is no longer our parent, or, when it never was (a launcher stood between), when it no
 * longer exists.
 *
 * @param parent a process id: JPY_PARENT_PID, which jupyter_client sets, or whoever started us
 * @returns stops watching
 * @see ipykernel, parentpoller.py
 */
export function watchParent(parent: number, gone: () => void): () => void {
  const direct = process.ppid === parent;
  const timer = setInterval(() => {
    if (direct ? process.ppid !== parent : !exists(parent)) {
      clearInterval(timer);
      gone();
    }
  }, periodMs);
  return () => clearInterval(timer);
}

/** The process id in JPY_PARENT_PID, when that holds one. */
export function parentFromEnvironment(value: string | undefined): number | undefined {
  const pid = Number(value);
  // 1 is what a kernel inherits whose launcher has already gone, or a container's own first process.
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
