import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { LbListenerCertificate } from '@cdktf/provider-aws/lib/lb-listener-certificate';
import { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Network } from './network.ts';

export interface LoadBalancerProps {
  readonly name: string;
  /** Of the load balancer and its target groups: at most 32 characters. */
  readonly shortName: (what: string) => string;
  readonly network: Network;
  /** The names that it answers at: the first for clients that name none. */
  readonly certificateArns: readonly [string, ...string[]];
  /** That tasks listen on. */
  readonly taskPort: number;
  /** What targets are asked, with a query string where wanted; 200 is well. */
  readonly healthPath: string;
  readonly webAclArn: string;
  /** Bucket of its access logs, and what must be there before it is written to. */
  readonly accessLogs: { readonly bucket: string; readonly after: ITerraformDependable };
  readonly deletionProtection: boolean;
}

/** Clients' port, and the one behind which the target group answers that has no traffic yet. */
const PRODUCTION_PORT = 443;
const TEST_PORT = 8443;

/** Seconds that a connection without a request is kept; the service keeps its end longer. */
export const IDLE_SECONDS = 60;

/**
 * Seconds that a client may keep a connection, the shortest that there is: one that is kept asks DNS no more, so it stays in a region that traffic has
 * left. Default of AWS: an hour.
 */
const CLIENT_KEEP_ALIVE_SECONDS = 60;

/** TLS 1.3 and 1.2, with forward secrecy and authenticated encryption alone. */
const TLS_POLICY = 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06';

/** A request may take 29 s; from then on nothing of a target that leaves is missed. */
const DRAIN_SECONDS = 30;

/**
 * An Application Load Balancer with two target groups, blue and green: the listener of the public name leads to one of them, the test listener to the one
 * that is to come. Which of them is which is CodeDeploy's affair, so Terraform leaves it as it is.
 *
 * Source: Elastic Load Balancing, User Guide for Application Load Balancers, "HTTP client keepalive duration", "Security policies", "Health checks";
 * AWS CodeDeploy User Guide, "Before you begin an Amazon ECS deployment".
 */
export class LoadBalancer extends Construct {
  readonly dnsName: string;
  readonly zoneId: string;
  /** What CloudWatch knows it by. */
  readonly arnSuffix: string;
  readonly securityGroupId: string;
  readonly listeners: { readonly production: LbListener; readonly test: LbListener };
  readonly targetGroups: { readonly blue: LbTargetGroup; readonly green: LbTargetGroup };

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { name, network } = props;
    const { id: groupId } = new SecurityGroup(this, 'security-group', {
      name: `${name}-balancer`,
      description: 'From everywhere by HTTPS and HTTP, to the tasks',
      vpcId: network.vpcId,
      ingress: [80, PRODUCTION_PORT, TEST_PORT].map((port) => ({
        protocol: 'tcp',
        fromPort: port,
        toPort: port,
        cidrBlocks: ['0.0.0.0/0'],
      })),
      egress: [{ protocol: 'tcp', fromPort: props.taskPort, toPort: props.taskPort, cidrBlocks: [network.cidr] }],
      tags: { Name: `${name}-balancer` },
    });
    const { arn, arnSuffix, dnsName, zoneId } = new Lb(this, 'balancer', {
      name: props.shortName('container'),
      loadBalancerType: 'application',
      internal: false,
      subnets: [...network.publicSubnetIds],
      securityGroups: [groupId],
      idleTimeout: IDLE_SECONDS,
      clientKeepAlive: CLIENT_KEEP_ALIVE_SECONDS,
      dropInvalidHeaderFields: true,
      enableDeletionProtection: props.deletionProtection,
      accessLogs: { bucket: props.accessLogs.bucket, enabled: true },
      dependsOn: [props.accessLogs.after],
    });
    const group = (colour: 'blue' | 'green') =>
      new LbTargetGroup(this, colour, {
        name: props.shortName(colour),
        vpcId: network.vpcId,
        targetType: 'ip',
        protocol: 'HTTP',
        port: props.taskPort,
        deregistrationDelay: String(DRAIN_SECONDS),
        healthCheck: {
          path: props.healthPath,
          matcher: '200',
          interval: 10,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
      });
    this.targetGroups = { blue: group('blue'), green: group('green') };
    new LbListener(this, 'redirect', {
      loadBalancerArn: arn,
      port: 80,
      protocol: 'HTTP',
      defaultAction: [
        { type: 'redirect', redirect: { protocol: 'HTTPS', port: String(PRODUCTION_PORT), statusCode: 'HTTP_301' } },
      ],
    });
    const [certificateArn, ...others] = props.certificateArns;
    const listener = (id: string, port: number, target: LbTargetGroup) => {
      const made = new LbListener(this, id, {
        loadBalancerArn: arn,
        port,
        protocol: 'HTTPS',
        sslPolicy: TLS_POLICY,
        certificateArn,
        defaultAction: [{ type: 'forward', targetGroupArn: target.arn }],
        lifecycle: { ignoreChanges: ['default_action'] },
      });
      for (const [at, other] of others.entries()) {
        new LbListenerCertificate(this, `${id}-certificate-${at + 1}`, {
          listenerArn: made.arn,
          certificateArn: other,
        });
      }
      return made;
    };
    this.listeners = {
      production: listener('production', PRODUCTION_PORT, this.targetGroups.blue),
      test: listener('test', TEST_PORT, this.targetGroups.green),
    };
    new Wafv2WebAclAssociation(this, 'web-acl', { resourceArn: arn, webAclArn: props.webAclArn });
    this.dnsName = dnsName;
    this.zoneId = zoneId;
    this.arnSuffix = arnSuffix;
    this.securityGroupId = groupId;
  }
}
