/** For callers who gave no signal. It never fires, and so nobody waits for it. */
export const NEVER_ABORTED: AbortSignal = new AbortController().signal;
