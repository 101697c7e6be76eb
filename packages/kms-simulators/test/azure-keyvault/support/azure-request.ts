import { request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Simulators } from '@keyfold/kms-simulators';

/** An answer, its body parsed. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly error?: { readonly code: string; readonly message: string } } & Record<string, unknown>;
}

/** What no SDK sends. */
export async function azureRequest(
  sim: Simulators,
  method: string,
  path: string,
  { token = sim.azure.token().token, body, vault }: { token?: string; body?: string; vault?: string } = {},
): Promise<Answer> {
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
  // A path in a URL object would lose what makes it unusual.
  const { hostname, port } = new URL(sim.azure.vaultUrl(vault));
  const sent = request({ hostname, port, path, method, headers, ca: sim.azure.ca, agent: false });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const content = await text(response);
  return { status: response.statusCode, headers: response.headers, body: content === '' ? {} : (JSON.parse(content) as Answer['body']) };
}
