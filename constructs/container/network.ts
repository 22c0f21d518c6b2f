import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';

export interface NetworkProps {
  /** Tag `Name` of everything in it starts with this. */
  readonly name: string;
  /** First two numbers of its addresses, `10.80`: of two regions that are ever to be connected they must differ. */
  readonly firstNumbers: string;
  /** How private subnets reach what no endpoint leads to: not at all, by one gateway for all zones, by one in each. */
  readonly nat: 'none' | 'one' | 'per-zone';
}

/** Zones that it spans: one may fail, and those left still share the load. */
const ZONES = 3;

/**
 * A VPC over three zones, each with a public subnet, for the load balancer, and a private one, for tasks: those have no addresses of the internet, and
 * reach it where there is NAT. Nothing is allowed by the security group that AWS makes with it.
 *
 * Source: Amazon VPC User Guide, "Example: VPC with servers in private subnets and NAT"; AWS Security Hub, EC2.2.
 */
export class Network extends Construct {
  readonly vpcId: string;
  /** `10.80.0.0/16` */
  readonly cidr: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  readonly privateRouteTableIds: readonly string[];

  constructor(scope: Construct, id: string, { name, firstNumbers, nat }: NetworkProps) {
    super(scope, id);
    this.cidr = `${firstNumbers}.0.0/16`;
    const vpc = new Vpc(this, 'vpc', {
      cidrBlock: this.cidr,
      enableDnsSupport: true,
      // Endpoints are found by the names of their services.
      enableDnsHostnames: true,
      tags: { Name: name },
    });
    new DefaultSecurityGroup(this, 'default-security-group', { vpcId: vpc.id });
    const internet = new InternetGateway(this, 'internet', { vpcId: vpc.id, tags: { Name: name } });
    const { names: zones } = new DataAwsAvailabilityZones(this, 'zones', {
      state: 'available',
      // Local zones and the like have to be asked for.
      filter: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
    });
    const toInternet = new RouteTable(this, 'public-routes', { vpcId: vpc.id, tags: { Name: `${name}-public` } });
    new Route(this, 'public-route', {
      routeTableId: toInternet.id,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: internet.id,
    });
    const perZone = Array.from({ length: ZONES }, (_, at) => {
      const zone = new Construct(this, `zone-${at + 1}`);
      const subnet = (kind: 'private' | 'public', cidrBlock: string) =>
        new Subnet(zone, kind, {
          vpcId: vpc.id,
          availabilityZone: Fn.element(zones, at),
          cidrBlock,
          tags: { Name: `${name}-${kind}-${at + 1}` },
        }).id;
      const publicSubnetId = subnet('public', `${firstNumbers}.${at}.0/24`);
      const privateSubnetId = subnet('private', `${firstNumbers}.${(at + 1) * 16}.0/20`);
      const privateRoutes = new RouteTable(zone, 'private-routes', {
        vpcId: vpc.id,
        tags: { Name: `${name}-private-${at + 1}` },
      });
      for (const [kind, subnetId, routeTableId] of [
        ['public', publicSubnetId, toInternet.id],
        ['private', privateSubnetId, privateRoutes.id],
      ] as const) {
        new RouteTableAssociation(zone, `${kind}-association`, { subnetId, routeTableId });
      }
      return { zone, publicSubnetId, privateSubnetId, privateRoutes };
    });
    const gateways = (nat === 'per-zone' ? perZone : perZone.slice(0, nat === 'one' ? 1 : 0)).map(
      ({ zone, publicSubnetId }, at) => {
        const tags = { Name: `${name}-${at + 1}` };
        const address = new Eip(zone, 'nat-address', { domain: 'vpc', tags });
        return new NatGateway(zone, 'nat', {
          allocationId: address.allocationId,
          subnetId: publicSubnetId,
          tags,
          dependsOn: [internet],
        });
      },
    );
    for (const [at, { zone, privateRoutes }] of perZone.entries()) {
      const gateway = gateways[at] ?? gateways[0];
      if (gateway === undefined) continue;
      new Route(zone, 'private-route', {
        routeTableId: privateRoutes.id,
        destinationCidrBlock: '0.0.0.0/0',
        natGatewayId: gateway.id,
      });
    }
    this.vpcId = vpc.id;
    this.publicSubnetIds = perZone.map(({ publicSubnetId }) => publicSubnetId);
    this.privateSubnetIds = perZone.map(({ privateSubnetId }) => privateSubnetId);
    this.privateRouteTableIds = perZone.map(({ privateRoutes }) => privateRoutes.id);
  }
}
