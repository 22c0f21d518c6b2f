/** A page of API Gateway's version 2 lists. The SDK has no paginator for them. */
interface Page<T> {
  readonly Items?: readonly T[] | undefined;
  readonly NextToken?: string | undefined;
}

/**
 * Everything of a list, in pages as long as AWS makes them: no maximum of `MaxResults` is documented, and what is beyond it is refused.
 *
 * Source: Amazon API Gateway Version 2 API Reference, "GetApis".
 */
export async function everyPage<T>(ask: (NextToken: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token);
    items.push(...(page.Items ?? []));
    token = page.NextToken;
  } while (token);
  return items;
}
