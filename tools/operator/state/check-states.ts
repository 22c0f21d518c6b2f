import { type RegionStates, stackOf } from './region-states.ts';

/**
 * Whether a region's states can be worked with as they are: each is a state, each that another reads from is there, none is locked.
 *
 * @returns what forbids it, all at once
 */
export function checkStates({ location, states }: RegionStates): readonly string[] {
  const { bucket, region } = location;
  if (states.size === 0) return [`The bucket ${bucket} (${region}) holds no state of the stage.`];
  return [...states.values()].flatMap(({ stack, key, document, lock }) => {
    if (document === undefined) {
      return [`${stack}: s3://${bucket}/${key} is no Terraform state. Restore an earlier version of the object.`];
    }
    const missing = document.reads.filter((read) => !states.has(read));
    return [
      ...missing.map((read) => `${stack}: it reads from ${stackOf(read)}, whose state is not in ${bucket}.`),
      ...(lock === undefined
        ? []
        : [
            `${stack}: locked by ${lock.who} (${lock.operation}) since ${lock.since}. Wait, or, when nobody runs Terraform: ` +
              `terraform force-unlock ${lock.id}, in the folder of the stack.`,
          ]),
    ];
  });
}
