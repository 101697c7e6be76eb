/** Whoever read our stdout wants no more of it, as in `keyfold decrypt … | head`: no failure, and nothing to say. */
export class StdoutClosed extends Error {
  override readonly name = 'StdoutClosed';

  constructor() {
    super('The reader of stdout went away.');
  }
}
