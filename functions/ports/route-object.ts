import type { RouteDocument } from '#contract/route-document.ts';

/** A version of the object by which a region says whether traffic keeps away from the other one. */
interface ReadRoute {
  /** undefined: something that no version of this product wrote. */
  readonly document: RouteDocument | undefined;
  readonly version: string;
}

/** The object in its region's bucket. Needs `s3:GetObject` and `s3:PutObject` on it, and nothing else. */
export interface RouteObject {
  /** @throws `NoSuchKey` or `NoSuchBucket` where there is none; whatever S3 answers or doesn't */
  read(): Promise<ReadRoute>;
  /**
   * @param version - the one that is replaced
   * @returns false, and nothing has changed, where somebody else has changed it meanwhile
   */
  write(document: RouteDocument, version: string): Promise<boolean>;
}
