/** An answer that is not what was asked for. Its message completes "Azure Key Vault answered wrapKey …". */
export class NotVerified extends Error {
  override readonly name = 'NotVerified';
}
