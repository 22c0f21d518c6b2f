import { type ComputedAttributesTable, identifier, optionalText, requiredText, uuid } from './computed-attributes.ts';

export const route53Resources: ComputedAttributesTable = {
  aws_route53_health_check: (input) => ({ id: uuid(input), arn: `arn:aws:route53:::healthcheck/${uuid(input)}` }),
  aws_route53_record: (input) => {
    const { values } = input;
    const name = requiredText(values, 'name');
    const setIdentifier = optionalText(values, 'set_identifier');
    const parts = [requiredText(values, 'zone_id'), name, requiredText(values, 'type'), setIdentifier];
    return { id: parts.filter((part) => part !== undefined).join('_'), fqdn: name };
  },
  aws_route53_zone: (input) => zone(`Z${identifier(input, 20).toUpperCase()}`),
};

export const route53Data: ComputedAttributesTable = {
  aws_route53_zone: ({ values }) => {
    const name = optionalText(values, 'name');
    const zoneId = optionalText(values, 'zone_id');
    const id = zoneId ?? `Z${identifier({ stack: '', address: '' }, 20, name).toUpperCase()}`;
    return { ...zone(id), name: name ?? `${id.toLowerCase()}.example` };
  },
};

function zone(id: string) {
  return { id, zone_id: id, arn: `arn:aws:route53:::hostedzone/${id}` };
}
