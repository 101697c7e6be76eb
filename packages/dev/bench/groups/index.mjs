import { files } from './files.mjs';
import { memory } from './memory.mjs';
import { messages } from './messages.mjs';
import { multi } from './multi.mjs';
import { ranges } from './ranges.mjs';
import { rewrap } from './rewrap.mjs';
import { segments } from './segments.mjs';
import { streams } from './streams.mjs';
import { web } from './web.mjs';

/** In the order in which they run and are shown. */
export const groups = [messages, streams, segments, web, ranges, rewrap, multi, files, memory];
