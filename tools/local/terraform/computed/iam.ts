import { partitionOf } from '#stacks/settings/partitions.ts';
import { type ComputedAttributesTable, identifier, nameOf, optionalText, requiredText } from './computed-attributes.ts';
import { policyDocumentJson } from './policy-document.ts';

export const iamResources: ComputedAttributesTable = {
  aws_iam_role: (input) => {
    const name = nameOf(input);
    const path = optionalText(input.values, 'path') ?? '/';
    const uniqueId = `AROA${identifier(input, 17).toUpperCase()}`;
    return {
      id: name,
      name,
      path,
      arn: `arn:${partitionOf(input.region)}:iam::${input.accountId}:role${path}${name}`,
      unique_id: uniqueId,
    };
  },
  aws_iam_policy: (input) => {
    const name = nameOf(input);
    const path = optionalText(input.values, 'path') ?? '/';
    const itsArn = `arn:${partitionOf(input.region)}:iam::${input.accountId}:policy${path}${name}`;
    return { id: itsArn, arn: itsArn, name, path };
  },
  aws_iam_role_policy: (input) => {
    const name = nameOf(input);
    return { id: `${requiredText(input.values, 'role')}:${name}`, name };
  },
  aws_iam_role_policy_attachment: (input) => ({
    id: `${requiredText(input.values, 'role')}/${requiredText(input.values, 'policy_arn')}`,
  }),
};

export const iamData: ComputedAttributesTable = {
  aws_iam_policy_document: ({ values }) => {
    const json = policyDocumentJson(values);
    return {
      id: identifier({ stack: '', address: '' }, 10, json),
      json,
      minified_json: JSON.stringify(JSON.parse(json)),
    };
  },
};
