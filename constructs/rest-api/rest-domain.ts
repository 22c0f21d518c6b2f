import { ApiGatewayBasePathMapping } from '@cdktf/provider-aws/lib/api-gateway-base-path-mapping';
import { ApiGatewayDomainName } from '@cdktf/provider-aws/lib/api-gateway-domain-name';
import { Construct } from 'constructs';

export interface RestDomainProps {
  readonly domainName: string;
  /** ACM certificate of the same region. */
  readonly certificateArn: string;
  readonly restApiId: string;
  /** Stage that the name leads to. */
  readonly stageName: string;
  /** Stages that each answer below a base path of their own name, too. @default - none */
  readonly alsoByPath?: Readonly<Record<string, string>>;
}

/** A name of the REST API in one region: a regional custom domain, TLS 1.2, mapped to one stage of the REST API. */
export class RestDomain extends Construct {
  /** What alias records point at. */
  readonly regionalDomainName: string;
  readonly regionalZoneId: string;

  constructor(scope: Construct, id: string, props: RestDomainProps) {
    super(scope, id);
    const domain = new ApiGatewayDomainName(this, 'domain', {
      domainName: props.domainName,
      regionalCertificateArn: props.certificateArn,
      endpointConfiguration: { types: ['REGIONAL'], ipAddressType: 'dualstack' },
      securityPolicy: 'TLS_1_2',
    });
    new ApiGatewayBasePathMapping(this, 'mapping', {
      domainName: domain.domainName,
      apiId: props.restApiId,
      stageName: props.stageName,
    });
    for (const [basePath, stageName] of Object.entries(props.alsoByPath ?? {})) {
      new ApiGatewayBasePathMapping(this, `mapping-${basePath}`, {
        domainName: domain.domainName,
        apiId: props.restApiId,
        stageName,
        basePath,
      });
    }
    this.regionalDomainName = domain.regionalDomainName;
    this.regionalZoneId = domain.regionalZoneId;
  }
}
