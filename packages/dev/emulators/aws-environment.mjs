/** The variables by which AWS's SDKs reach an emulator, with credentials that open nothing. @param {string} endpoint */
export function awsEnvironment(endpoint) {
  return {
    AWS_ENDPOINT_URL_KMS: endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'emulator',
    AWS_SECRET_ACCESS_KEY: 'emulator',
    // The SDK warns once in every process that a later release will need Node 22.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
