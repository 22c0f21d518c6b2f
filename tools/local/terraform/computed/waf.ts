import { arn, type ComputedAttributesTable, nameOf, uuid } from './computed-attributes.ts';

export const wafResources: ComputedAttributesTable = {
  aws_wafv2_web_acl: (input) => {
    const name = nameOf(input);
    const id = uuid(input);
    const scope = input.values.scope === 'CLOUDFRONT' ? 'global' : 'regional';
    return { id, name, arn: arn('wafv2', input, `${scope}/webacl/${name}/${id}`) };
  },
};
