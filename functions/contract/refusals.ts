/** What every host of the operations says to a request that belongs to none of them. */
export const NO_SUCH_ROUTE = 'No such route';

/** What every host of the operations says to a request without a key that it admits. */
export const INVALID_API_KEY = 'A valid API key is needed in the header x-api-key';
