/**
 * Conditions of a request for a representation that has a strong entity tag and no date (RFC 9110, section 13), in their
 * order of precedence.
 *
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {string} etag of the representation, in its quotes
 * @returns {'proceed' | 'not-modified' | 'precondition-failed'}
 */
export function evaluateConditions(headers, etag) {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && ifMatch.trim() !== '*' && !tagsIn(ifMatch).includes(etag)) return 'precondition-failed';
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch === undefined) return 'proceed';
  const isKnown = ifNoneMatch.trim() === '*' || tagsIn(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etag);
  return isKnown ? 'not-modified' : 'proceed';
}

/**
 * Whether the parts that a client has are of this very representation, so that another part of it is of use (section
 * 13.1.5). A weak tag does not say so, nor does a date here: without `Last-Modified` there is none to compare it with.
 *
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {string} etag
 */
export function isRangeWanted(headers, etag) {
  const ifRange = headers['if-range'];
  return ifRange === undefined || String(ifRange).trim() === etag;
}

/** The entity tags of a list; commas may stand in them. @param {string} list @returns {string[]} */
function tagsIn(list) {
  return list.match(/(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
}
