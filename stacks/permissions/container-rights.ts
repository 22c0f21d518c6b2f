import type { Rights } from './resource-rights.ts';

const of = (service: string, ...names: readonly string[]) => names.map((name) => `${service}:${name}`);

/** EC2's resources have no names of their own, and half of its actions take none. */
const ec2 = (...names: readonly string[]): Rights => ({ any: of('ec2', ...names, 'CreateTags', 'DeleteTags') });

const balancing = (...names: readonly string[]): Rights => ({
  // Its reads take no resource.
  any: of('elasticloadbalancing', ...names.filter((name) => name.startsWith('Describe'))),
  container: of(
    'elasticloadbalancing',
    ...names.filter((name) => !name.startsWith('Describe')),
    ...['AddTags', 'RemoveTags'],
  ),
});

/**
 * What the provider calls for the resources of the container API: to make, read, change, tag and destroy them.
 *
 * Source: the resources of terraform-provider-aws 5.100; Service Authorization Reference of EC2, Elastic Load Balancing, ECS, ECR, CodeDeploy and
 * Application Auto Scaling.
 */
export const CONTAINER_RIGHTS: Readonly<Record<string, Rights>> = {
  aws_appautoscaling_policy: {
    any: of(
      'application-autoscaling',
      ...['PutScalingPolicy', 'DescribeScalingPolicies', 'DeleteScalingPolicy'],
    ).concat(of('cloudwatch', 'PutMetricAlarm', 'DescribeAlarms', 'DeleteAlarms')),
  },
  aws_appautoscaling_target: {
    any: of(
      'application-autoscaling',
      ...['RegisterScalableTarget', 'DescribeScalableTargets', 'DeregisterScalableTarget', 'ListTagsForResource'],
      ...['TagResource', 'UntagResource'],
    ),
  },
  aws_codedeploy_app: {
    container: of(
      'codedeploy',
      ...['CreateApplication', 'GetApplication', 'UpdateApplication', 'DeleteApplication'],
      ...['ListTagsForResource', 'TagResource', 'UntagResource'],
    ),
  },
  aws_codedeploy_deployment_group: {
    container: of(
      'codedeploy',
      ...['CreateDeploymentGroup', 'GetDeploymentGroup', 'UpdateDeploymentGroup', 'DeleteDeploymentGroup'],
      ...['ListTagsForResource', 'TagResource', 'UntagResource'],
    ),
    role: ['iam:PassRole'],
  },
  aws_default_security_group: ec2(
    ...['DescribeSecurityGroups', 'RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress'],
  ),
  aws_ecr_lifecycle_policy: {
    container: of('ecr', 'PutLifecyclePolicy', 'GetLifecyclePolicy', 'DeleteLifecyclePolicy'),
  },
  aws_ecr_repository: {
    container: of(
      'ecr',
      ...['CreateRepository', 'DescribeRepositories', 'DeleteRepository', 'ListTagsForResource', 'TagResource'],
      ...['UntagResource', 'PutImageTagMutability', 'PutImageScanningConfiguration'],
    ),
  },
  aws_ecs_cluster: {
    any: of('ecs', 'CreateCluster'),
    container: of('ecs', 'DescribeClusters', 'DeleteCluster', 'UpdateCluster', 'TagResource', 'UntagResource'),
  },
  aws_ecs_service: {
    container: of(
      'ecs',
      ...['CreateService', 'DescribeServices', 'UpdateService', 'DeleteService', 'ListTagsForResource'],
      ...['TagResource', 'UntagResource'],
    ),
  },
  aws_ecs_task_definition: {
    // They take no resource: Service Authorization Reference, Amazon ECS.
    any: of('ecs', 'RegisterTaskDefinition', 'DescribeTaskDefinition', 'DeregisterTaskDefinition'),
    role: ['iam:PassRole'],
  },
  aws_eip: ec2(
    'AllocateAddress',
    'DescribeAddresses',
    'DescribeAddressesAttribute',
    'ReleaseAddress',
    'DisassociateAddress',
  ),
  aws_internet_gateway: ec2(
    ...['CreateInternetGateway', 'AttachInternetGateway', 'DescribeInternetGateways', 'DetachInternetGateway'],
    'DeleteInternetGateway',
  ),
  aws_lb: {
    ...balancing(
      ...[
        'CreateLoadBalancer',
        'DescribeLoadBalancers',
        'DescribeLoadBalancerAttributes',
        'ModifyLoadBalancerAttributes',
      ],
      ...['SetSecurityGroups', 'SetSubnets', 'DeleteLoadBalancer', 'DescribeTags', 'DescribeCapacityReservation'],
    ),
  },
  aws_lb_listener: balancing(
    ...[
      'CreateListener',
      'DescribeListeners',
      'DescribeListenerAttributes',
      'ModifyListener',
      'ModifyListenerAttributes',
    ],
    ...['DeleteListener', 'DescribeTags'],
  ),
  aws_lb_listener_certificate: balancing(
    ...['AddListenerCertificates', 'DescribeListenerCertificates', 'RemoveListenerCertificates'],
  ),
  aws_lb_target_group: balancing(
    ...['CreateTargetGroup', 'DescribeTargetGroups', 'DescribeTargetGroupAttributes', 'ModifyTargetGroup'],
    ...['ModifyTargetGroupAttributes', 'DeleteTargetGroup', 'DescribeTags'],
  ),
  aws_nat_gateway: ec2('CreateNatGateway', 'DescribeNatGateways', 'DeleteNatGateway'),
  aws_route: ec2('CreateRoute', 'DescribeRouteTables', 'DeleteRoute'),
  aws_route_table: ec2('CreateRouteTable', 'DescribeRouteTables', 'DeleteRouteTable'),
  aws_route_table_association: ec2('AssociateRouteTable', 'DescribeRouteTables', 'DisassociateRouteTable'),
  aws_security_group: ec2(
    ...['CreateSecurityGroup', 'DescribeSecurityGroups', 'DeleteSecurityGroup', 'AuthorizeSecurityGroupIngress'],
    ...['AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress'],
    'DescribeNetworkInterfaces',
  ),
  aws_subnet: ec2(
    'CreateSubnet',
    'DescribeSubnets',
    'ModifySubnetAttribute',
    'DeleteSubnet',
    'DescribeAvailabilityZones',
  ),
  aws_vpc: ec2(
    ...['CreateVpc', 'DescribeVpcs', 'DescribeVpcAttribute', 'ModifyVpcAttribute', 'DeleteVpc', 'DescribeNetworkAcls'],
    ...['DescribeRouteTables', 'DescribeSecurityGroups'],
  ),
  aws_vpc_endpoint: ec2(
    ...['CreateVpcEndpoint', 'DescribeVpcEndpoints', 'ModifyVpcEndpoint', 'DeleteVpcEndpoints', 'DescribePrefixLists'],
  ),
};

/** What commands ask of the container API. */
export const CONTAINER_COMMAND_RIGHTS: Rights = {
  any: of('ecs', 'DescribeTaskDefinition'),
  container: [
    ...of('ecs', 'DescribeServices'),
    ...of('ecr', 'DescribeImages'),
    ...of('codedeploy', 'CreateDeployment', 'GetDeployment', 'ListDeployments', 'GetDeploymentTarget'),
    ...of('codedeploy', 'ContinueDeployment', 'StopDeployment', 'GetDeploymentConfig', 'GetApplicationRevision'),
    ...of('codedeploy', 'RegisterApplicationRevision'),
  ],
};
