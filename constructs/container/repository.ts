import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { Construct } from 'constructs';

export interface RepositoryProps {
  readonly repositoryName: string;
  /** Lets Terraform destroy it with its images. */
  readonly forceDelete: boolean;
}

/** Images without a tag that stay, the newest first. */
const KEPT_UNTAGGED = 30;

/**
 * A region's own images: tags that never move, scanned when they are pushed. The other region has a repository of its own, so that a task starts there
 * whatever has become of this one.
 *
 * No tagged image expires: a task definition names its image by digest, ECR does not know which one serves, and of tags that never move none says that
 * an image is old. The one that serves may be the oldest of all, and a task that starts where it is gone, by autoscaling or a failover, does not. What has
 * no tag was pushed by mistake, or its tag was taken away: of these the newest stay, by number and not by age, so that time alone takes none away.
 *
 * Source: Amazon ECR User Guide, "Preventing image tags from being overwritten", "Lifecycle policy properties".
 */
export class Repository extends Construct {
  readonly arn: string;
  /** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME` */
  readonly url: string;

  constructor(scope: Construct, id: string, { repositoryName, forceDelete }: RepositoryProps) {
    super(scope, id);
    const repository = new EcrRepository(this, 'repository', {
      name: repositoryName,
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: 'AES256' }],
      forceDelete,
    });
    new EcrLifecyclePolicy(this, 'lifecycle', {
      repository: repository.name,
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: `Of images without a tag keeps the newest ${KEPT_UNTAGGED}`,
            selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: KEPT_UNTAGGED },
            action: { type: 'expire' },
          },
        ],
      }),
    });
    this.arn = repository.arn;
    this.url = repository.repositoryUrl;
  }
}
