/** The account that everything local belongs to: twelve zeros, which AWS gives to nobody. */
export const ACCOUNT_ID = '000000000000';
