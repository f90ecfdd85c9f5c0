/// Object stores that speak the protocol of Amazon S3: objects listed, read in ranges, written and uploaded
/// in parts. It knows buckets, keys and bytes, and nothing of what a model is.
///
/// Sources: Amazon's reference of the S3 API, <https://docs.aws.amazon.com/AmazonS3/latest/API>, and of the
/// settings that its tools share, <https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>.
@org.jspecify.annotations.NullMarked
package jmergekit.s3;
