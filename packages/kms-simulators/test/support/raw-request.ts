/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { __type?: string; message?: string } | undefined;
}

/** Headers of a well-formed request to list keys, as the SDK sends them. */
export const VALID_HEADERS = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=simulator/20261121/eu-west-1/kms/aws4_request, ' +
    `SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`,
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-date': '20261121T120000Z',
  'x-amz-target': 'TrentService.ListKeys',
};

/** Sends what no SDK would send. A header that is `undefined` is left out. */
export async function rawRequest(
  endpoint: string,
  headers: Readonly<Record<string, string | undefined>> = {},
  body: BodyInit = '{}',
): Promise<RawAnswer> {
  const wanted: Record<string, string | undefined> = { ...VALID_HEADERS, ...headers };
  const all = Object.entries(wanted).filter(([, value]) => value !== undefined);
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: Object.fromEntries(all) as Record<string, string>,
    body,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : (JSON.parse(text) as NonNullable<RawAnswer['body']>),
  };
}
