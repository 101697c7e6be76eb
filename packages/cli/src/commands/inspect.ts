import { inspect } from '@keyfold/core';
import type { EnvelopeInfo } from '@keyfold/core';
import { inspectFile } from '@keyfold/core/node';
import { noteFile } from '../errors/about-file.js';
import { openInput } from '../files/input.js';
import type { Input } from '../files/input.js';
import { PeekedPieces } from '../files/peeked-pieces.js';
import { decodeText } from '../files/text-form.js';
import { colorsFor } from '../terminal/colors.js';
import { describeEnvelope } from '../terminal/describe-envelope.js';
import type { Outcome } from './outcome.js';

/** The largest header by the default limits, and the message id of the payload behind it. */
const BEGINNING = 65_536 + 16;

/** `keyfold inspect [input]`: reads the header alone, needs no key and calls no KMS. */
export async function inspectCommand(argument: string | undefined, signal: AbortSignal): Promise<Outcome> {
  const opened = await openInput(argument, 'keyfold inspect < report.pdf.keyfold', signal);
  try {
    const input = await decodeText(opened);
    const envelope = input.file === undefined ? await inspectPieces(input) : await inspectFile(input.file);
    return {
      json: { command: 'inspect', input: argument ?? '-', envelope },
      answer: describeEnvelope(input.name, envelope, colorsFor(process.stdout)),
    };
  } catch (error) {
    noteFile(error, opened.file);
    throw error;
  } finally {
    opened.release();
  }
}

/** A pipe is not read to its end: how much would follow the header stays unknown, unless its length is known. */
async function inspectPieces(input: Input): Promise<EnvelopeInfo> {
  const beginning = await new PeekedPieces(input.pieces()).peek(BEGINNING);
  const header = inspect(beginning, { payloadLength: 0 });
  const length = beginning.length < BEGINNING ? beginning.length : input.length;
  if (length === undefined || length <= header.headerLength) return header;
  return inspect(beginning, { payloadLength: length - header.headerLength });
}
