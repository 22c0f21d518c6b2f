import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { Construct } from 'constructs';

export interface RepositoryProps {
  readonly repositoryName: string;
  /** Lets Terraform destroy it with its images. */
  readonly forceDelete: boolean;
}

/** Images that stay, the newest first: what a rollback may want. */
const KEPT_IMAGES = 30;

/**
 * A region's own images: tags that never move, scanned when they are pushed. The other region has a repository of its own, so that a task starts there
 * whatever has become of this one.
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
            description: `Keeps the newest ${KEPT_IMAGES} images`,
            selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: KEPT_IMAGES },
            action: { type: 'expire' },
          },
        ],
      }),
    });
    this.arn = repository.arn;
    this.url = repository.repositoryUrl;
  }
}
