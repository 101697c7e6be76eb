import type { KeyManagementServiceClient, protos } from '@google-cloud/kms';

export type EncryptRequest = protos.google.cloud.kms.v1.IEncryptRequest;
export type EncryptAnswer = protos.google.cloud.kms.v1.IEncryptResponse;
export type DecryptRequest = protos.google.cloud.kms.v1.IDecryptRequest;
export type DecryptAnswer = protos.google.cloud.kms.v1.IDecryptResponse;
export type AsymmetricDecryptRequest = protos.google.cloud.kms.v1.IAsymmetricDecryptRequest;
export type AsymmetricDecryptAnswer = protos.google.cloud.kms.v1.IAsymmetricDecryptResponse;
export type PublicKeyRequest = protos.google.cloud.kms.v1.IGetPublicKeyRequest;
export type PublicKeyAnswer = protos.google.cloud.kms.v1.IPublicKey;

/** What a method resolves with: the message, and more that nobody needs here. */
export type Answered<Answer> = Promise<[Answer, ...unknown[]]>;

/** What the keyring needs of a client: a `KeyManagementServiceClient` of `@google-cloud/kms`, or anything that answers alike. */
export interface GcpKmsClient {
  encrypt(request: EncryptRequest, options: GcpKmsCallOptions): Answered<EncryptAnswer>;
  decrypt(request: DecryptRequest, options: GcpKmsCallOptions): Answered<DecryptAnswer>;
  asymmetricDecrypt(request: AsymmetricDecryptRequest, options: GcpKmsCallOptions): Answered<AsymmetricDecryptAnswer>;
  getPublicKey(request: PublicKeyRequest, options: GcpKmsCallOptions): Answered<PublicKeyAnswer>;
  /**
   * Finds credentials and opens the channel. It is awaited before the first call, because a client whose credentials fail
   * during a call leaves a rejected promise behind that nobody handles.
   */
  initialize?(): Promise<unknown>;
}

/** Handed to the client with every call, fresh each time: the SDK writes into it. */
export interface GcpKmsCallOptions {
  /** No retries of the SDK's own. */
  retry: null;
  /** Passed on to gRPC. */
  otherArgs: { options: { interceptors: readonly GrpcInterceptor[] } };
}

/** What is used of an interceptor of `@grpc/grpc-js`. */
export type GrpcInterceptor = <Options, Call extends GrpcCall>(options: Options, nextCall: (options: Options) => Call) => Call;

/** What is used of a call of `@grpc/grpc-js`. */
export interface GrpcCall {
  cancelWithStatus(status: number, details: string): void;
}

/** Settings of the SDK for the client that the keyring makes. */
export type GcpKmsClientOptions = NonNullable<ConstructorParameters<typeof KeyManagementServiceClient>[0]>;
