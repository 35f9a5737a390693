/** A coupon operation that must not happen. Nothing was written. */

export type RefusalCode =
  | 'bad-grant'
  | 'grant-expired'
  | 'bad-subject'
  | 'bad-preview'
  | 'not-in-menu'
  | 'unknown-promotion'
  | 'unknown-budget'
  | 'not-running'
  | 'group-taken'
  | 'budget-exhausted'
  | 'cap-reached'
  | 'too-many'
  | 'unknown-code'
  | 'claim-expired'
  | 'already-redeemed'
  | 'order-has-one'
  | 'other-customer'
  | 'customer-needed'
  | 'not-eligible'
  | 'other-currency'
  | 'above-reserved'
  | 'key-reused'
  | 'unknown-redemption'
  | 'nothing-left'
  | 'no-codes-left'
  | 'conflict';

/** Who is wrong: the token, the thing named, the state it is in, or what was asked of it. */
const STATUS: Readonly<Record<RefusalCode, 403 | 404 | 409 | 410 | 422 | 429>> = {
  'bad-grant': 403,
  'grant-expired': 403,
  'bad-subject': 403,
  'bad-preview': 403,
  'not-in-menu': 403,
  'unknown-promotion': 404,
  'unknown-budget': 404,
  'not-running': 409,
  'group-taken': 409,
  'budget-exhausted': 409,
  'cap-reached': 409,
  'too-many': 429,
  'unknown-code': 404,
  'claim-expired': 410,
  'already-redeemed': 409,
  'order-has-one': 409,
  'other-customer': 403,
  'customer-needed': 422,
  'not-eligible': 422,
  'other-currency': 422,
  'above-reserved': 422,
  'key-reused': 409,
  'unknown-redemption': 404,
  'nothing-left': 409,
  'no-codes-left': 409,
  conflict: 409,
};

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: (typeof STATUS)[RefusalCode];
  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly field?: string,
  ) {
    super(message);
    this.status = STATUS[code];
  }
}
