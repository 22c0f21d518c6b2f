import { Apigatewayv2ApiMapping } from '@cdktf/provider-aws/lib/apigatewayv2-api-mapping';
import { Apigatewayv2DomainName } from '@cdktf/provider-aws/lib/apigatewayv2-domain-name';
import { Construct } from 'constructs';

export interface HttpDomainProps {
  readonly domainName: string;
  /** ACM certificate of the same region. */
  readonly certificateArn: string;
  readonly apiId: string;
  /** Stage that the name leads to. */
  readonly stageName: string;
  /** Stages that each answer below a base path of their own name, too. @default - none */
  readonly alsoByPath?: Readonly<Record<string, string>>;
}

/** A name of the HTTP API in one region: a regional custom domain, TLS 1.2, mapped to one stage. */
export class HttpDomain extends Construct {
  /** What alias records point at. */
  readonly regionalDomainName: string;
  readonly regionalZoneId: string;

  constructor(scope: Construct, id: string, props: HttpDomainProps) {
    super(scope, id);
    const domain = new Apigatewayv2DomainName(this, 'domain', {
      domainName: props.domainName,
      domainNameConfiguration: {
        certificateArn: props.certificateArn,
        endpointType: 'REGIONAL',
        ipAddressType: 'dualstack',
        securityPolicy: 'TLS_1_2',
      },
    });
    new Apigatewayv2ApiMapping(this, 'mapping', {
      apiId: props.apiId,
      domainName: domain.id,
      stage: props.stageName,
    });
    for (const [apiMappingKey, stage] of Object.entries(props.alsoByPath ?? {})) {
      new Apigatewayv2ApiMapping(this, `mapping-${apiMappingKey}`, {
        apiId: props.apiId,
        domainName: domain.id,
        stage,
        apiMappingKey,
      });
    }
    this.regionalDomainName = domain.domainNameConfiguration.targetDomainName;
    this.regionalZoneId = domain.domainNameConfiguration.hostedZoneId;
  }
}
