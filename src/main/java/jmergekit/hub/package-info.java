/// Models on the hub: looks up their files, downloads them to the cache of the hub's own client,
/// and uploads them. The package knows repositories and files, and nothing about what a model is.
///
/// Sources: the hub's documentation of its HTTP API, of its cache and of its environment variables,
/// <https://huggingface.co/docs>, and the Git LFS specification of the batch API,
/// <https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md>.
@org.jspecify.annotations.NullMarked
package jmergekit.hub;
