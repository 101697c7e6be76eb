import type { AzureKeyVaultClientOptions } from '@keyfold/azure-keyvault';

type Policy = NonNullable<AzureKeyVaultClientOptions['additionalPolicies']>[number]['policy'];
type Answer = Awaited<ReturnType<Policy['sendRequest']>>;

/** A request as it goes out, and its JSON. */
export interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly hasToken: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Options of real clients that show what they send, innermost of all policies, and whose answers can be changed. */
export function watched(
  options: AzureKeyVaultClientOptions,
  change: (answer: Answer, sent: Sent) => Answer | Promise<Answer> = (answer) => answer,
): { readonly options: AzureKeyVaultClientOptions; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const policy: Policy = {
    name: 'watched',
    async sendRequest(request, next) {
      const { method, headers, body } = request;
      const parsed = typeof body === 'string' ? (JSON.parse(body) as Sent['body']) : {};
      const seen: Sent = { method, url: new URL(request.url), hasToken: headers.has('authorization'), body: parsed };
      sent.push(seen);
      return await change(await next(request), seen);
    },
  };
  return { sent, options: { ...options, additionalPolicies: [{ policy, position: 'perRetry' }] } };
}
