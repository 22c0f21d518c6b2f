/** A web ACL as its JSON has it, less what is not served. Names follow the AWS WAF API. */
export interface WebAclModel {
  readonly arn: string;
  readonly name: string;
  /** Dimension `WebACL` of its metrics. Absent: it has none. */
  readonly metricName?: string;
  /** What becomes of a request that no rule ends. */
  readonly defaultAction: RuleAction;
  /** By ascending priority. */
  readonly rules: readonly WafRule[];
  /** Key → body, for {@link CustomResponse.bodyKey}. */
  readonly responseBodies: Readonly<Record<string, ResponseBody>>;
  /** Absent: nothing is logged. */
  readonly logging?: WafLogging;
}

export interface WafRule {
  readonly name: string;
  /** Dimension `Rule` of its metrics. Absent: it has none. */
  readonly metricName?: string;
  readonly action: RuleAction;
  readonly statement: WafStatement;
}

export type RuleAction =
  | { readonly kind: 'allow' | 'count' }
  | { readonly kind: 'block'; readonly response?: CustomResponse };

export interface CustomResponse {
  readonly status: number;
  readonly bodyKey?: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

export interface ResponseBody {
  readonly contentType: string;
  readonly content: string;
}

/** What a rule asks of a request. */
export type WafStatement =
  | { readonly kind: 'and' | 'or'; readonly statements: readonly WafStatement[] }
  | { readonly kind: 'not'; readonly statement: WafStatement }
  | ByteMatch
  | RateBased;

export interface ByteMatch {
  readonly kind: 'byte-match';
  readonly constraint: 'CONTAINS' | 'CONTAINS_WORD' | 'ENDS_WITH' | 'EXACTLY' | 'STARTS_WITH';
  readonly text: string;
  /** `header:` and a name in small letters. */
  readonly field: 'method' | 'query_string' | 'uri_path' | `header:${string}`;
  readonly isLowercased: boolean;
}

export interface RateBased {
  readonly kind: 'rate';
  readonly limit: number;
  readonly windowSeconds: number;
  /** Whose requests are counted together. */
  readonly key: 'CONSTANT' | 'IP' | ForwardedAddress;
  /** Which requests count. @default - all */
  readonly scope?: WafStatement;
}

/** The first address of a header. */
export interface ForwardedAddress {
  /** In small letters. */
  readonly header: string;
  /** What becomes of a request whose header holds no address there: it matches, or does not. */
  readonly fallback: 'MATCH' | 'NO_MATCH';
}

export interface WafLogging {
  readonly logGroup: string;
  /** Fields whose values the log has not. */
  readonly redacted: readonly ByteMatch['field'][];
  /** Whether requests that no filter is about are kept. */
  readonly keepsOthers: boolean;
  /** The first that fits decides. */
  readonly filters: readonly { readonly keeps: boolean; readonly actions: readonly string[]; readonly all: boolean }[];
}
