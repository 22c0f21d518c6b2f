import { isJsonList } from '#local/terraform/expression/value/json.ts';
import { arn, type ComputedAttributesTable, identifier, requiredText, uuid } from './computed-attributes.ts';

export const acmResources: ComputedAttributesTable = {
  aws_acm_certificate: (input) => {
    const domainName = requiredText(input.values, 'domain_name');
    const { subject_alternative_names: alternatives = [] } = input.values;
    const names = [domainName, ...(isJsonList(alternatives) ? alternatives : [])].map(String);
    const itsArn = arn('acm', input, `certificate/${uuid(input)}`);
    return {
      id: itsArn,
      arn: itsArn,
      status: 'ISSUED',
      // Source: AWS Certificate Manager, "DNS validation". A wildcard is validated by the record of the name below it.
      domain_validation_options: [...new Set(names)].map((name) => {
        const validated = name.replace(/^\*\./, '');
        const token = (seed: string) => identifier({ stack: '', address: '' }, 32, `${seed} ${validated}`);
        return {
          domain_name: name,
          resource_record_name: `_${token('name')}.${validated}.`,
          resource_record_type: 'CNAME',
          resource_record_value: `_${token('value')}.acm-validations.aws.`,
        };
      }),
    };
  },
  aws_acm_certificate_validation: ({ values }) => ({ id: requiredText(values, 'certificate_arn') }),
};

export const acmData: ComputedAttributesTable = {
  aws_acm_certificate: (input) => {
    const itsArn = arn(
      'acm',
      input,
      `certificate/${uuid({ stack: '', address: requiredText(input.values, 'domain') })}`,
    );
    return { id: itsArn, arn: itsArn, status: 'ISSUED' };
  },
};
