/** A place in a JSON document as people write it: `keyrings.app.keyFile`, `keyrings.all.anyOf[0]`, `context["a b"]`. */
export function formatPath(segments: readonly string[]): string {
  return segments
    .map((segment, i) => {
      if (/^\d+$/.test(segment)) return `[${segment}]`;
      if (!/^[A-Za-z$_][\w-]*$/.test(segment)) return `[${JSON.stringify(segment)}]`;
      return i === 0 ? segment : `.${segment}`;
    })
    .join('');
}

/** The segments of a JSON Pointer (RFC 6901). */
export function pointerSegments(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
