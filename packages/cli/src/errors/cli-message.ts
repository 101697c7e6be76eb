import type { KeyfoldError } from '@keyfold/core';
import { isKeyfoldError } from '@keyfold/core';
import { listKeks } from '@keyfold/core/keyring';
import { dirname } from 'node:path';
import { getSystemErrorMap } from 'node:util';

/** How the options of the library are called on the command line. */
const FLAG_OF_ARGUMENT: Readonly<Record<string, string>> = {
  'options.context': '--context',
  'options.externalContext': '--external-context',
  'options.header': '--header',
  'options.headerFile': '--header',
  source: 'input',
  target: '--output',
  text: 'input',
};

/** What the core advises those who write programs. */
const USE_A_STREAM = /name a file, or use a stream\.$/;

/** A file that is not complete yet, beside the one that it will be. */
const TEMPORARY = /^(.*[\\/])?\.([^\\/]+)\.[0-9a-f]{12}\.keyfold-tmp$/;

/** How the message of an `aborted` begins that says itself what became of the files. */
export const INTERRUPTED = 'Interrupted ';

/**
 * An error's sentence for someone at a command line: the core's own names options of its API.
 *
 * @param command - what was asked for, where the way out depends on it
 */
export function cliMessage(error: KeyfoldError, command?: string): string {
  if (isKeyfoldError(error, 'file-exists')) {
    const found = `${error.details.path} exists and was left as it is.`;
    if (command === 'keygen') return `${found} Choose another name: a key file is never replaced.`;
    return `${found} Choose another name with -o, or replace it with --force.`;
  }
  if (isKeyfoldError(error, 'aborted')) return error.message.startsWith(INTERRUPTED) ? error.message : 'Interrupted; files are as they were.';
  if (isKeyfoldError(error, 'rewrap-refused')) {
    if (error.details.rule === 'unproven') return unprovenMessage(error);
    if (error.details.rule === 'none-proven') return noneProvenMessage(error);
  }
  if (isKeyfoldError(error, 'file-busy')) return busyMessage(error);
  if (isKeyfoldError(error, 'file-failed')) return fileMessage(error);
  if (isKeyfoldError(error, 'context-required')) {
    return (
      `The envelope has a context (${list(error.details.keys)}): say what you expect with --context <key>=<value>, ` +
      'or --any-context if any will do. "keyfold inspect" shows it.'
    );
  }
  if (isKeyfoldError(error, 'external-context-missing')) {
    return `The envelope does not store the value of ${list(error.details.keys)}: give it with --external-context <key>=<value>.`;
  }
  if (isKeyfoldError(error, 'context-mismatch')) {
    return (
      `The envelope was not written for this context: ${list(error.details.keys)} ` +
      `${error.details.keys.length > 1 ? 'are' : 'is'} missing there or has another value. ` +
      'Check that this is the envelope you meant; "keyfold inspect" shows its context.'
    );
  }
  if (isKeyfoldError(error, 'no-matching-key')) return noMatchMessage(error);
  if (isKeyfoldError(error, 'malformed') && error.details.rule === 'magic') {
    return (
      'This is no Keyfold envelope: it does not begin with "KEYFOLD". It may be plaintext, another format, ' +
      'or a payload whose header was kept apart.'
    );
  }
  if (isKeyfoldError(error, 'truncated') && error.details.part === 'header' && error.details.actual === 0) {
    return 'The input is empty, so there is no envelope in it. Check that what should have written it did.';
  }
  if (isKeyfoldError(error, 'truncated') && error.details.part === 'payload' && error.details.actual === 0) {
    return 'This is a header without its payload: name the payload as the input, and this with --header.';
  }
  if (isKeyfoldError(error, 'invalid-argument')) {
    const { argument } = error.details;
    const flag = FLAG_OF_ARGUMENT[argument];
    if (flag !== undefined && error.message.startsWith(`${argument}: `)) {
      return flag + error.message.slice(argument.length).replace(USE_A_STREAM, 'name a file, or give -o - and redirect stdout.');
    }
  }
  return error.message;
}

function unprovenMessage({ details }: KeyfoldError<'rewrap-refused'>): string {
  const keys = details.keys.map(({ provider, keyId }) => `${provider} ${keyId}`).join(', ');
  return (
    `Nothing proves that the new key opens the envelope: only its public half is at hand (${keys}). ` +
    'Name the private half, or say --allow-unproven if you know that it exists. The envelope was left as it is.'
  );
}

function noneProvenMessage({ details }: KeyfoldError<'rewrap-refused'>): string {
  const keys = details.keys.map(({ provider, keyId }) => `${provider} ${keyId}`).join(', ');
  return (
    `None of the keys that would be left is at hand, so nothing proves that one of them opens the envelope (${keys}). ` +
    'Name one of them with -k. The envelope was left as it is.'
  );
}

function noMatchMessage({ details }: KeyfoldError<'no-matching-key'>): string {
  const quorum = details.wrappedKeys.some(({ provider }) => provider === 'quorum')
    ? '\nA quorum is named by a configuration, which has its shares: "keyfold inspect" shows which those are.'
    : '';
  return `None of the keys given is one of those that open this envelope. Give one of them with -k:${listKeks(details.wrappedKeys)}${quorum}`;
}

function busyMessage({ details: { path, pid, host } }: KeyfoldError<'file-busy'>): string {
  return `${path} is being rewrapped by process ${pid} on ${host}. Try again when it has ended; if it is gone for good, use --take-over.`;
}

function fileMessage(error: KeyfoldError<'file-failed'>): string {
  const { operation } = error.details;
  const path = error.details.path.replace(TEMPORARY, '$1$2');
  const cause = error.cause as { code?: unknown; errno?: unknown; message?: unknown } | undefined;
  if (cause?.code === 'ENOENT' && operation === 'create') return `Could not create ${path}: there is no folder ${dirname(path)}.`;
  if (cause?.code === 'EISDIR') return `Could not ${operation} ${path}: it is a folder.`;
  const known = typeof cause?.errno === 'number' ? getSystemErrorMap().get(cause.errno)?.[1] : undefined;
  if (known !== undefined) return `Could not ${operation} ${path}: ${known}.`;
  return typeof cause?.message === 'string' ? `Could not ${operation} ${path}: ${cause.message}` : error.message;
}

function list(keys: readonly string[]): string {
  return keys.map((key) => JSON.stringify(key)).join(', ');
}
