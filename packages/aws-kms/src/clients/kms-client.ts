import type {
  DecryptCommand,
  DecryptCommandOutput,
  DescribeKeyCommand,
  DescribeKeyCommandOutput,
  EncryptCommand,
  EncryptCommandOutput,
  GenerateDataKeyCommand,
  GenerateDataKeyCommandOutput,
  KMSClientConfig,
} from '@aws-sdk/client-kms';

/** What the keyring needs of a client: a `KMSClient` of `@aws-sdk/client-kms`, or anything that sends its commands. */
export interface AwsKmsClient {
  send(command: GenerateDataKeyCommand, options: AwsKmsSendOptions): Promise<GenerateDataKeyCommandOutput>;
  send(command: EncryptCommand, options: AwsKmsSendOptions): Promise<EncryptCommandOutput>;
  send(command: DecryptCommand, options: AwsKmsSendOptions): Promise<DecryptCommandOutput>;
  send(command: DescribeKeyCommand, options: AwsKmsSendOptions): Promise<DescribeKeyCommandOutput>;
}

/** Handed to the client with every command. */
export interface AwsKmsSendOptions {
  /** Fires when the caller's signal does, or the deadline passes. */
  readonly abortSignal: AbortSignal;
}

/** Settings of the SDK for the clients that the keyring makes. The Region is the keyring's to set. */
export type AwsKmsClientConfig = Omit<KMSClientConfig, 'region'>;
