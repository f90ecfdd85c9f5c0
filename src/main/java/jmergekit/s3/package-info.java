/// Object stores with the Amazon S3 protocol: lists objects, reads ranges of them, writes them, and
/// uploads them in parts. The package knows buckets, keys and bytes, and nothing about what a model
/// is.
///
/// Sources: Amazon's reference of the S3 API, <https://docs.aws.amazon.com/AmazonS3/latest/API>,
/// and of the settings that its tools share,
/// <https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>.
@org.jspecify.annotations.NullMarked
package jmergekit.s3;
