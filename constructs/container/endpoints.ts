import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import type { Network } from './network.ts';

export interface EndpointsProps {
  readonly name: string;
  readonly region: string;
  readonly network: Network;
}

/** By the private subnets' routes, free of charge: tables, objects, and the layers of images, which ECR keeps in S3. */
const BY_ROUTE = ['s3', 'dynamodb'];

/** By addresses in each zone: what starts a task, its log, its parameters. */
const BY_ADDRESS = ['ecr.api', 'ecr.dkr', 'logs', 'ssm'];

/**
 * Private ways to what tasks use, with which they start and serve without NAT.
 *
 * Source: Amazon ECR User Guide, "Amazon ECR interface VPC endpoints", considerations of Fargate platform 1.4.0.
 */
export class Endpoints extends Construct {
  constructor(scope: Construct, id: string, { name, region, network }: EndpointsProps) {
    super(scope, id);
    const { vpcId } = network;
    const serviceName = (service: string) => `com.amazonaws.${region}.${service}`;
    for (const service of BY_ROUTE) {
      new VpcEndpoint(this, service, {
        vpcId,
        serviceName: serviceName(service),
        vpcEndpointType: 'Gateway',
        routeTableIds: [...network.privateRouteTableIds],
        tags: { Name: `${name}-${service}` },
      });
    }
    const { id: groupId } = new SecurityGroup(this, 'security-group', {
      name: `${name}-endpoints`,
      description: 'HTTPS from the VPC to the services that tasks use',
      vpcId,
      ingress: [{ protocol: 'tcp', fromPort: 443, toPort: 443, cidrBlocks: [network.cidr] }],
      tags: { Name: `${name}-endpoints` },
    });
    for (const service of BY_ADDRESS) {
      new VpcEndpoint(this, service, {
        vpcId,
        serviceName: serviceName(service),
        vpcEndpointType: 'Interface',
        subnetIds: [...network.privateSubnetIds],
        securityGroupIds: [groupId],
        privateDnsEnabled: true,
        tags: { Name: `${name}-${service}` },
      });
    }
  }
}
