import { AwsError } from '../aws-endpoint/aws-error.ts';

/** Errors of S3 (Amazon S3 API Reference, "Error responses"). */
export const noSuchBucket = (bucket: string): AwsError =>
  new AwsError(404, 'NoSuchBucket', `The specified bucket does not exist: ${bucket}`);

export const noSuchVersion = (): AwsError =>
  new AwsError(404, 'NoSuchVersion', 'The specified version does not exist.');

export const invalidArgument = (message: string): AwsError => new AwsError(400, 'InvalidArgument', message);

export const preconditionFailed = (header: string): AwsError =>
  new AwsError(412, 'PreconditionFailed', `At least one of the pre-conditions you specified did not hold: ${header}`);

export const notImplemented = (what: string): AwsError =>
  new AwsError(501, 'NotImplemented', `The local runtime's S3 doesn't serve ${what}.`);

/** The current version of a key is missing or a delete marker. */
export class NoSuchKey extends AwsError {
  constructor(
    key: string,
    readonly deleteMarker: boolean,
  ) {
    super(404, 'NoSuchKey', `The specified key does not exist: ${key}`);
  }
}
