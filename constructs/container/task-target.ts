/** That the service listens on: `EXPOSE` of its Dockerfile. */
export const TASK_PORT = 8080;

/** Name of the one container of a task. Traffic goes to its port, for Terraform as for CodeDeploy. */
export const CONTAINER_NAME = 'api';
