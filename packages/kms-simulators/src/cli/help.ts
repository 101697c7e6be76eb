import { FAULT_KINDS } from '../shared/faults/fault.js';

/** What `--help` prints. */
export const HELP: string = `Simulated key management services on 127.0.0.1: real protocols, real cryptography,
faults on demand. For laptops, tests and recovery drills; never for real data.

Usage: kms-simulators [options]

  -p, --port <n>          Port of AWS KMS; 0: any free one              (default 8590)
      --gcp-port <n>      Port of Google Cloud KMS                      (default --port + 1)
      --azure-port <n>    Port of the first Azure vault, the next ones follow
                                                                    (default --port + 2)
      --azure-identity-port <n>
                          Port of the token endpoint for Azure      (default --port + 8)
      --control-port <n>  Port of the control API                       (default --port + 9)
  -s, --state <file>      Keep keys in this file; without it they end with the process
  -k, --key <alias[@region]>
                          Make a key with this alias unless it exists; may be repeated
      --gcp-key <[key ring/]key[@location]>
                          Make a Google Cloud key unless it exists; may be repeated
      --azure-key <[vault/]key[:type][@region]>
                          Make an Azure key, and its vault, unless they exist; may be repeated.
                          Types: RSA (default), RSA-HSM, oct-HSM (makes a managed HSM)
      --azure-ca <file>   Write the certificate of the vaults here  (default: a temporary file)
  -r, --region <region>   Region of the printed examples and of --key   (default us-east-1)
      --account <id>      Account of every caller                       (default 111122223333)
      --account <access key id>=<id>
                          Account of one access key id; may be repeated, others are refused
      --json              Print one line of JSON when ready, for scripts
  -h, --help              Print this
  -v, --version           Print the version

Examples

  A key to play with, and the AWS CLI to use it:
    $ kms-simulators --key demo
    $ export AWS_ENDPOINT_URL_KMS=http://127.0.0.1:8590 AWS_REGION=us-east-1
    $ export AWS_ACCESS_KEY_ID=simulator AWS_SECRET_ACCESS_KEY=simulator
    $ aws kms generate-data-key --key-id alias/demo --key-spec AES_256

  A key in Google Cloud KMS; what is printed has the lines for your program:
    $ kms-simulators --gcp-key app/demo@europe-west1

  Keys in an Azure vault and in a managed HSM:
    $ kms-simulators --azure-key app --azure-key hsm/app:oct-HSM@northeurope

  The same keys again tomorrow:
    $ kms-simulators --state ./kms.json --key demo

  What happens when a Region is down, and when it is back?
    $ curl -X POST http://127.0.0.1:8599/regions/us-east-1/down
    $ curl -X POST http://127.0.0.1:8599/regions/us-east-1/up

  The next two decryptions are throttled:
    $ curl http://127.0.0.1:8599/faults \\
        --json '{"kind": "throttled", "operation": "Decrypt", "count": 2}'

  Which requests were made?
    $ curl http://127.0.0.1:8599/requests/counts

  In a script, on any free ports:
    $ kms-simulators --port 0 --json > ready.json &

Kinds of faults: ${wrap(FAULT_KINDS)}.
A fault may name a region, an operation, a key, an Azure vault and a count; curl http://127.0.0.1:8599 lists all routes.
`;

/** Lines of at most some 80 characters. */
function wrap(words: readonly string[]): string {
  const lines = [''];
  for (const word of words) {
    const last = lines.length - 1;
    const line = lines[last] ?? '';
    if (line.length + word.length > (last === 0 ? 62 : 78)) lines.push(`  ${word}`);
    else lines[last] = line === '' ? word : `${line}, ${word}`;
  }
  return lines.join(',\n');
}
