/** Where a key or an alias lives. */
export interface KeyPlace {
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
}

/** The ARN of a key: `arn:<partition>:kms:<region>:<account>:key/<id>`. */
export interface KeyArn extends KeyPlace {
  readonly text: string;
  readonly id: string;
}

/** A UUID, or the id of a multi-Region key. */
const KEY_ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}';
const WHOLE_KEY_ID = new RegExp(`^(?:${KEY_ID})$`);
/** What precedes the name in every ARN of AWS KMS. */
export const ARN_START = 'arn:(aws[a-z-]{0,20}):kms:([a-z0-9-]{1,40}):(\\d{12}):';
const KEY_ARN = new RegExp(`^${ARN_START}key/(${KEY_ID})$`);

export function isKeyId(text: string): boolean {
  return WHOLE_KEY_ID.test(text);
}

/** The parts of a key ARN, or `undefined` for any other text: key ARNs in envelopes and in answers are hostile input. */
export function parseKeyArn(text: string): KeyArn | undefined {
  const [, partition, region, account, id] = KEY_ARN.exec(text) ?? [];
  if (partition === undefined || region === undefined || account === undefined || id === undefined) return undefined;
  return { text, partition, region, account, id };
}

/** Whether an id is of a multi-Region key: the same key, material and all, in every Region where it has a replica. */
export function isMultiRegionId(id: string): boolean {
  return id.startsWith('mrk-');
}

/** The ARN of the same multi-Region key in another Region. */
export function arnInRegion({ partition, account, id }: KeyArn, region: string): string {
  return `arn:${partition}:kms:${region}:${account}:key/${id}`;
}

/** Whether two ARNs name one key: the same ARN, or the same multi-Region key in two Regions. */
export function isSameKey(a: KeyArn, b: KeyArn): boolean {
  return a.id === b.id && couldShare(a, b, a.id);
}

/** Whether a key with this id, seen at one place, may be one at the other: only multi-Region keys cross Regions. */
export function couldShare(a: KeyPlace, b: KeyPlace, id: string): boolean {
  return a.partition === b.partition && a.account === b.account && (a.region === b.region || isMultiRegionId(id));
}
