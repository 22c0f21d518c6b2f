import { arn, type ComputedAttributesTable, nameOf, uuid } from './computed-attributes.ts';

export const snsResources: ComputedAttributesTable = {
  aws_sns_topic: (input) => {
    const name = nameOf(input);
    const itsArn = arn('sns', input, name);
    return { id: itsArn, arn: itsArn, name, owner: input.accountId };
  },
  aws_sns_topic_subscription: (input) => {
    const itsArn = `${String(input.values.topic_arn)}:${uuid(input)}`;
    return { id: itsArn, arn: itsArn };
  },
};
