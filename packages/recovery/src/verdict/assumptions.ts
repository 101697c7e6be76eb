import type { KnownKek } from '../domains/key-directory.js';
import { counted } from './requirement.js';

/** What the answer of a drill rests on and headers do not tell, in sentences. */
export function assumptionsOf(keks: readonly KnownKek[], kinds: readonly string[], opened: boolean): readonly string[] {
  const inOneRegion = keks.filter(({ assumedInOneRegion }) => assumedInOneRegion).length;
  const sentences: string[] = [];
  if (inOneRegion > 0) {
    const keys = counted(inOneRegion, 'multi-Region key counts', 'multi-Region keys count');
    sentences.push(`${keys} as lost with the one Region that headers name: in which others there are replicas, they do not tell. State them as replicas.`);
  }
  for (const kind of kinds) {
    if (kind === 'key') continue;
    const without = keks.filter(({ domains }) => !Object.hasOwn(domains, kind)).length;
    if (without === 0) continue;
    sentences.push(`Of ${counted(without, 'key', 'keys')} it is not known which ${kind} ${without === 1 ? 'it is' : 'they are'} in: ${without === 1 ? 'it counts' : 'they count'} as outlasting the loss of any.`);
  }
  sentences.push(
    opened
      ? 'What headers say was authenticated of the envelopes that were really opened, and of no other.'
      : 'This is what headers say. It is authenticated only when an envelope is opened, and whether keys work was not tried.',
    'Envelopes elsewhere, such as in backups, were not looked at.',
  );
  return sentences;
}
