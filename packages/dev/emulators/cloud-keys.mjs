import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { awsEnvironment } from './aws-environment.mjs';

/** Makes two symmetric keys of AWS KMS, and gives their ARNs. @param {string} endpoint @returns {Promise<string[]>} */
export async function createCloudKeys(endpoint) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: region } = awsEnvironment(endpoint);
  const client = new KMSClient({ region, endpoint, credentials: { accessKeyId, secretAccessKey } });
  try {
    const keys = [];
    for (let i = 0; i < 2; i++) {
      const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
      keys.push(KeyMetadata?.Arn ?? '');
    }
    return keys;
  } finally {
    client.destroy();
  }
}
