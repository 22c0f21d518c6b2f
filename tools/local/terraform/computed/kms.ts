import { arn, type ComputedAttributesTable, nameOf, uuid } from './computed-attributes.ts';

export const kmsResources: ComputedAttributesTable = {
  aws_kms_key: (input) => {
    const keyId = uuid(input);
    return { id: keyId, key_id: keyId, arn: arn('kms', input, `key/${keyId}`) };
  },
  aws_kms_alias: (input) => {
    const name = nameOf(input);
    const keyId = typeof input.values.target_key_id === 'string' ? input.values.target_key_id : uuid(input);
    return { id: name, name, arn: arn('kms', input, name), target_key_arn: arn('kms', input, `key/${keyId}`) };
  },
};
