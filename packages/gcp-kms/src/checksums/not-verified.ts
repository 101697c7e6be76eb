/** An answer is not what it should be. The message completes "Google Cloud KMS answered Encrypt …". */
export class NotVerified extends Error {
  override readonly name = 'NotVerified';
}
