/** Every key that has no default. */
const required: Readonly<Record<string, string>> = {
  APP_NAME: '"two-region-api"',
  PRIMARY_REGION: '"eu-central-1"',
  SECONDARY_REGION: '"eu-west-1"',
  STAGES: '( "dev" "prod" )',
  API_ENVIRONMENTS: '( "envA" "envB" )',
  PARAMETERS:
    '( domain_name hosted_zone_id certificate_arn_primary certificate_arn_secondary api_key preview_api_key events_domain_name events_principals replacement_map alarm_email )',
  INITIAL_STACKS: '( "data" "base-primary" "base-secondary" )',
  STATE_BUCKET_PREFIX: '"two-region-api-state"',
  LOCK_TABLE_PREFIX: '"two-region-api-locks"',
};

/** A valid settings file with some values, written as in the file, put in, changed, or left out (`undefined`). */
export function settingsText(changes: Readonly<Record<string, string | undefined>> = {}): string {
  return Object.entries({ ...required, ...changes })
    .flatMap(([key, value]) => (value === undefined ? [] : `${key}=${value}\n`))
    .join('');
}
