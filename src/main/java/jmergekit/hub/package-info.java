/// Models of the hub: their files looked up, downloaded into the cache that the hub's own client
/// uses, and uploaded. It knows repositories and files, and nothing of what a model is.
///
/// Sources: the hub's documentation of its HTTP API, of its cache and of its environment variables,
/// <https://huggingface.co/docs>, and the Git LFS specification of the batch API,
/// <https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md>.
@org.jspecify.annotations.NullMarked
package jmergekit.hub;
