/** A machine on which nothing of Google Cloud is set up, and where nobody looks for it on the network. */
export const NOTHING_SET_UP: Readonly<Record<string, string | undefined>> = {
  GOOGLE_APPLICATION_CREDENTIALS: undefined,
  GOOGLE_CLOUD_PROJECT: undefined,
  CLOUDSDK_CONFIG: '/nowhere',
  HOME: '/nowhere',
  METADATA_SERVER_DETECTION: 'none',
};
