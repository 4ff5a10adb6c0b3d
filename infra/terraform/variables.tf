variable "region" {
  description = "Where the shop runs, such as eu-west-1."
  type        = string
  default     = "eu-west-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "The region must be the name of one, such as eu-west-1."
  }
}

variable "stages" {
  description = <<-TEXT
    What is deployed, by the names of the stages in .chalice/config.json. Table, bucket, queue, rights and functions are
    read from the package.
      stack:        the name of its CloudFormation stack; role, functions and log groups are named after it
      package:      the folder that `artshop package` filled
      template_url: where its template was uploaded with its zip, as `https://BUCKET.s3.REGION.amazonaws.com/KEY`
  TEXT
  type = map(object({
    stack        = string
    package      = string
    template_url = string
  }))

  validation {
    condition     = length(var.stages) > 0
    error_message = "At least one stage has to be named."
  }

  validation {
    condition     = alltrue([for stage in values(var.stages) : can(regex("^[a-zA-Z][a-zA-Z0-9-]{0,39}$", stage.stack))])
    error_message = "A stack's name has letters, digits and hyphens, begins with a letter, and leaves room for its functions' names (40)."
  }

  validation {
    condition     = alltrue([for stage in values(var.stages) : can(regex("^https?://", stage.template_url))])
    error_message = "A template_url must begin with https://."
  }
}

variable "main_stage" {
  description = "The stage that answers for every domain: what NEXT_PUBLIC_API_URL names, and what is watched for crashes."
  type        = string
  default     = "prod"
}

variable "table_mode" {
  description = "on-demand: paid by the request. provisioned: within the free 25 units, which count in this mode only."
  type        = string
  default     = "on-demand"

  validation {
    condition     = contains(["on-demand", "provisioned"], var.table_mode)
    error_message = "The mode of the table is on-demand or provisioned."
  }
}

variable "read_units" {
  description = "Where the table is provisioned: read units a second of the table, GSI1, GSI2 and GSI3; 25 are free."
  type        = list(number)
  default     = [5, 1, 18, 1]

  validation {
    condition     = length(var.read_units) == 4 && alltrue([for units in var.read_units : units >= 1])
    error_message = "The table and each of its three indexes need at least one unit."
  }
}

variable "write_units" {
  description = "The same for writes."
  type        = list(number)
  default     = [10, 5, 5, 5]

  validation {
    condition     = length(var.write_units) == 4 && alltrue([for units in var.write_units : units >= 1])
    error_message = "The table and each of its three indexes need at least one unit."
  }
}

variable "on_demand_ceiling" {
  description = "Units a second that the table, and each index, answers at most where it is paid by the request; -1 for no ceiling."
  type        = object({ read = number, write = number })
  default     = { read = 300, write = 100 }

  validation {
    condition     = alltrue([for units in values(var.on_demand_ceiling) : units == -1 || units >= 30])
    error_message = "Below 30 units a second a single checkout or search would be refused."
  }
}

variable "alarm_email" {
  description = "Who is told of alarms and of the budget. AWS asks this address to confirm once."
  type        = string

  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+\\.[^@ ]+$", var.alarm_email))
    error_message = "The alarms need an e-mail address."
  }
}

variable "monthly_budget_usd" {
  description = "Of the whole account; told at 80 % spent and when the forecast is above it."
  type        = number
  default     = 1

  validation {
    condition     = var.monthly_budget_usd > 0
    error_message = "The budget must be more than nothing."
  }
}
